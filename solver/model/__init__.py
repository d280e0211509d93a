"""What the rules post to: linear programmes over whole numbers, with no solver in them."""
