"""What rules mean, taken apart far enough to compare them."""
