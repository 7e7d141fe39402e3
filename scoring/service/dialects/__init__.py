"""One module a dialect: a body → images, prompts and names of rewards; values → an answer."""
