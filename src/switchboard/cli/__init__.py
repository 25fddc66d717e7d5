"""The command line. Client commands speak HTTP to a server; the rest runs one."""
