"""The demo: a lender that doesn't exist, started with one command, and a walk through the whole main job."""
