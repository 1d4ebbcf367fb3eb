/*
title: Lorenz curve of buyers
unit: ratio
period: quarter
dimensions: [place]
value: value_share
columns:
  entities_share: {title: Share of buyers, unit: ratio}
*/
select period as quarter, place, entities_share, value_share
from pack.lorenz(uses, quarter, buyer, spend)
