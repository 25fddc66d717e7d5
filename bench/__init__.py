"""The performance harness: ratios against a bare application in one run. See README.md."""
