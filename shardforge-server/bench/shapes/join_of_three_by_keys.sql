\set k random(1, 10000)
select c.name, s.placed, l.item, l.price from customer c join sale s on s.customer_id = c.id join line l on l.sale_id = s.id where c.id = :k order by s.placed, l.number;
