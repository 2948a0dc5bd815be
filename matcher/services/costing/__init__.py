"""What money costs, one calculator a function: words in, an answer or every fault out.

`matcher cost` and the calculators of the pages are the same functions; none of them knows a
terminal or a browser.
"""
