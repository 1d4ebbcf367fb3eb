/*
title: Switch matrix
description: Buyers by their largest vendor of the period before and of this one.
formula: p(i,j) = buyers whose largest vendor was i and is j / buyers whose largest vendor was i
notes: The observed transition matrix of a first-order Markov chain of brand choice (Colombo and Morrison, Marketing Science 8, 1989). Ties go to the vendor that is first by name; buyers without purchases in either period are left out.
unit: percent
period: quarter
dimensions: [vendor_before, vendor]
value: share
columns:
  buyers: {title: Buyers, unit: count}
*/
with totals as (
  select quarter, buyer, vendor, sum(spend) as spend from uses group by quarter, buyer, vendor
),
largest as (
  select quarter, buyer, vendor, row_number() over (partition by quarter, buyer order by spend desc, vendor) as place from totals
),
quarters as (
  select quarter, lag(quarter) over (order by quarter) as before from (select distinct quarter from uses) q
),
moves as (
  select q.quarter, w.vendor as vendor_before, n.vendor, count(*) as buyers
  from quarters q
  join largest n on n.quarter = q.quarter and n.place = 1
  join largest w on w.quarter = q.before and w.place = 1 and w.buyer = n.buyer
  group by q.quarter, w.vendor, n.vendor
)
select quarter, vendor_before, vendor, buyers,
       100.0 * buyers / sum(buyers) over (partition by quarter, vendor_before) as share
from moves
