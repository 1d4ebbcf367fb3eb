/*
title: Cohort adoption
description: Buyers that have bought from the vendor asked for by a number of quarters after their first purchase of any, as a share of all that began in the same quarter.
formula: A(c, k) = buyers of cohort c whose first purchase from the vendor is at most k quarters after their first of any / buyers of cohort c
notes: The empirical distribution of adoption times by cohort (Rogers, Diffusion of Innovations, 2003, chapter 7). Ages past the last quarter are left out, so no cohort is judged before its time.
unit: percent
period: cohort
dimensions: [age]
value: adoption
columns:
  adopters: {title: Buyers so far, unit: count}
*/
select cohort, age, adoption, adopters
from pack.cohort_adoption(uses, quarter, buyer, vendor, $vendor)
