"""Work over methods: draws of the uncertain inputs, forecasts of several methods, who would accept them."""
