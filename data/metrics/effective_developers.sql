/*
title: Effective developers
description: The number of equally large developers that would give the same concentration – 10,000 divided by the HHI.
unit: developers
period: quarter
value: effective
good: up
display: 2
columns:
  effective_tokens: {title: Effective developers by tokens, unit: developers, display: 2}
chart: {type: line, x: quarter, y: effective}
*/
select quarter,
       10000.0 / hhi as effective,
       10000.0 / hhi_tokens as effective_tokens
from hhi
order by quarter
