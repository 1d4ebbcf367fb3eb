/*
title: Share of the North
description: The North's part of all revenue.
unit: percent
period: quarter
value: share
good: neutral
display: 1
*/
select quarter, 100.0 * sum(case when region = 'North' then revenue else 0 end) / sum(revenue) as share
from sales
group by quarter
