"""What is kept of derived things: forecasts, because they take long to make, and what people said of signals."""
