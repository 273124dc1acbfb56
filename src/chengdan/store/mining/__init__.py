"""What process analysis asks of the marks, within the viewer's reach: one file for each question."""
