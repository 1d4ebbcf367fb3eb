/*
title: Spend bridge
description: What makes up the change of spend since the quarter before - buyers won and lost, and those that spend more or less.
formula: S(t) - S(t-1) = won + lost + expanded + contracted, each the sum of s(b,t) - s(b,t-1) over its buyers
notes: The decomposition of a total by its members' entry, exit and growth (Davis, Haltiwanger and Schuh, Job Creation and Destruction, 1996). The four add up to the change exactly.
unit: currency:USD
period: quarter
dimensions: [step]
value: amount
columns:
  buyers: {title: Buyers, unit: count}
*/
select period as quarter, step, amount, entities as buyers
from pack.bridge(uses, quarter, buyer, spend)
