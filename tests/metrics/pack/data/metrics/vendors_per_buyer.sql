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
select period as quarter, choices as vendors, share, entities as buyers
from pack.repertoire(uses, quarter, buyer, vendor)
