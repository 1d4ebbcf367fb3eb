/*
title: Share of the two largest buyers of more than one unit
unit: percent
period: quarter
value: cr
*/
select l.period as quarter, l.cr
from pack.cr((select * from uses where spend > 1), quarter, buyer,
             spend, 2) l
