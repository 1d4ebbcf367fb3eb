/*
title: Developer concentration
unit: index
period: quarter
value: hhi
display: 0
*/
select quarter, sum(share * share) as hhi from developer_share group by quarter
