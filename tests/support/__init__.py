"""What several tests build on: places, data and other parts that are not tests."""
