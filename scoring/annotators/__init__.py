"""What annotators' answers show of those who gave them: how reliable, how careful, what stands out.

Everything is counted over arrays, an answer a row, so that hundreds of thousands take seconds.
A hint leads to a look at the answers; nothing here condemns anybody.
"""
