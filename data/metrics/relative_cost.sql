/*
title: Relative cost
description: What a million tokens of a developer’s models cost in a role, as the difference from the reference developer in the same role and quarter.
unit: percent
period: quarter
dimensions: [role, developer]
value: difference
good: down
decimals: 6
display: 1
columns:
  difference: {title: Difference in cost}
  cost: {title: Cost per million tokens, unit: "currency:USD", display: 2}
  reference_cost: {title: Reference developer’s cost, unit: "currency:USD", display: 2}
chart: {type: line, x: quarter, y: difference, series: developer, where: {role: reasoning and analysis}}
*/
with costs as (
  select quarter, role, developer, sum(spend_usd) / sum(tokens_m) as cost
  from deployments
  group by quarter, role, developer
)
select c.quarter, c.role, c.developer,
       100.0 * (c.cost - r.cost) / r.cost as difference,
       c.cost, r.cost as reference_cost
from costs c
join costs r on r.quarter = c.quarter and r.role = c.role and r.developer = $reference_developer
order by c.quarter, c.role, c.developer
