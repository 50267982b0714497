"""What people look at: the monthly report as one HTML file, and the same figures in the terminal.

Renderers are pure: figures in, text out. Both take their words and numbers from `views`, so that
they cannot differ.
"""
