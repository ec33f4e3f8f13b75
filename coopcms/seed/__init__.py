"""The content a site begins with, and the demo content, both built through the domain."""
