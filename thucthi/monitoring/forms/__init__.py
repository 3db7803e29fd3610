"""What people choose and type on the pages of derived things."""
