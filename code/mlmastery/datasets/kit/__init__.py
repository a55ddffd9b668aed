"""What all data sets share: cards, tiers, files with their hashes, reading, reports."""
