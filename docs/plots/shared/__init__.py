"""What more than one picture needs."""
