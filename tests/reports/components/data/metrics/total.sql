/*
title: Total
description: Revenue of all regions above the threshold of the report.
unit: currency:USD
value: revenue
display: 1
*/
select sum(revenue) as revenue from sales where revenue >= $threshold
