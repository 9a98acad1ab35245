"""What one worker of the aggregator gets through, and how many a site needs."""
