select quantity, count(*), sum(price), avg(price) from line group by quantity order by quantity;
