"""What does Koers promise, how is each promise measured, and does the measuring itself work?"""
