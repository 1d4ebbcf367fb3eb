/*
title: Vendors per buyer
description: How many buyers buy from one vendor, from two, and so on.
formula: f(n) = buyers with n distinct vendors / all buyers
notes: The frequency distribution of repertoire size (Ehrenberg, Repeat-Buying, 1988). Its mean is the sum of n f(n).
unit: percent
period: quarter
dimensions: [vendors]
value: share
columns:
  buyers: {title: Buyers, unit: count}
*/
with repertoires as (
  select quarter, buyer, count(distinct vendor) as vendors from uses group by quarter, buyer
)
select quarter, vendors, 100.0 * count(*) / sum(count(*)) over (partition by quarter) as share, count(*) as buyers
from repertoires
group by quarter, vendors
