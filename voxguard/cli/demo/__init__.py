"""What is seen of the demonstration: a screen, lines of text, a picture and a summary."""
