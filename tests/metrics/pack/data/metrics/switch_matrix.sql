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
select period as quarter, choice_before as vendor_before, choice as vendor, entities as buyers, share
from pack.switch_matrix(uses, quarter, buyer, vendor, spend)
