"""What providers send us: verified, stored once, answered, then worked on by a job."""
