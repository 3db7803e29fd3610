"""What an issue looks like. A folder that loads nothing by itself: a page or the API takes one module of it."""
