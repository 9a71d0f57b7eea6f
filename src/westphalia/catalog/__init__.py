"""Published cases as data, with the results their authors printed."""
