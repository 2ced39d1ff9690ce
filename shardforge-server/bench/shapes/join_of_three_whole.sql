select c.region, count(*), sum(l.price) from customer c join sale s on s.customer_id = c.id join line l on l.sale_id = s.id group by c.region order by c.region;
