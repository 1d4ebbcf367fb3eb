/*
title: Concentration of vendors
unit: index
period: quarter
value: hhi
decimals: 9
columns:
  entities: {title: Vendors, unit: count}
  cr1: {title: Largest share, unit: percent}
  cr2: {title: Two largest shares, unit: percent}
  cr3: {title: Three largest shares, unit: percent}
  cr4: {title: Four largest shares, unit: percent}
  cr5: {title: Five largest shares, unit: percent}
  hhi_change: {title: Change of the HHI, unit: points}
  entropy: {title: Entropy, unit: nats}
  effective_number: {title: Effective number}
  effective_entropy: {title: Effective number by entropy}
  gini: {title: Gini, unit: ratio}
*/
select period as quarter, entities, cr1, cr2, cr3, cr4, cr5, hhi, hhi_change, entropy, effective_number, effective_entropy, gini
from pack.concentration(vendor_spend, quarter, vendor, spend)
