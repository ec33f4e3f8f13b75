"""What pages and the API share: what comes in, who asks, what is answered when it goes wrong."""
