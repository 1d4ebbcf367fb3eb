/*
title: Relative cost of small models
description: What a million tokens cost in cost-optimised inference, the role that small models fill, as the difference from the reference developer.
unit: percent
period: quarter
dimensions: [developer]
value: difference
good: down
decimals: 6
display: 1
columns:
  difference: {title: Difference in cost}
  cost: {title: Cost per million tokens, unit: "currency:USD", display: 2}
chart: {type: line, x: quarter, y: difference, series: developer}
*/
select quarter, developer, difference, cost
from relative_cost
where role = 'cost-optimised inference'
order by quarter, developer
