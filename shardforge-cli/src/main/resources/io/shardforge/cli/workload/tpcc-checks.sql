-- The consistency conditions of TPC-C, clause 3.3.2: each query counts what breaks one, so 0 is right.
-- 1
select count(*) from warehouse where w_ytd <> (select sum(d_ytd) from district where d_w_id = w_id);
-- 2
select count(*) from district
where d_next_o_id - 1 <> (select max(o_id) from orders where o_w_id = d_w_id and o_d_id = d_id)
  or d_next_o_id - 1 <> (select coalesce(max(no_o_id), d_next_o_id - 1) from new_order where no_w_id = d_w_id and no_d_id = d_id);
-- 3
select count(*) from (
  select no_w_id, no_d_id from new_order group by no_w_id, no_d_id having max(no_o_id) - min(no_o_id) + 1 <> count(*)) as broken;
-- 4
select count(*) from (select o_w_id, o_d_id, sum(o_ol_cnt) as lines from orders group by o_w_id, o_d_id) as o
full join (select ol_w_id, ol_d_id, count(*) as lines from order_line group by ol_w_id, ol_d_id) as l
  on o_w_id = ol_w_id and o_d_id = ol_d_id
where o.lines is distinct from l.lines;
-- 5
select count(*) from orders full join new_order on o_w_id = no_w_id and o_d_id = no_d_id and o_id = no_o_id
where (o_carrier_id is null) <> (no_o_id is not null) or o_id is null;
-- 6
select count(*) from orders
full join (select ol_w_id, ol_d_id, ol_o_id, count(*) as lines from order_line group by ol_w_id, ol_d_id, ol_o_id) as l
  on o_w_id = ol_w_id and o_d_id = ol_d_id and o_id = ol_o_id
where o_ol_cnt is distinct from lines;
-- 7
select count(*) from order_line join orders on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id
where (ol_delivery_d is null) <> (o_carrier_id is null);
-- 8
select count(*) from warehouse where w_ytd <> (select sum(h_amount) from history where h_w_id = w_id);
-- 9
select count(*) from district where d_ytd <> (select sum(h_amount) from history where h_w_id = d_w_id and h_d_id = d_id);
-- 10
select count(*) from customer
left join (
  select o_w_id, o_d_id, o_c_id, sum(ol_amount) as delivered
  from orders join order_line on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id
  where ol_delivery_d is not null group by o_w_id, o_d_id, o_c_id) as d
  on o_w_id = c_w_id and o_d_id = c_d_id and o_c_id = c_id
left join (select h_c_w_id, h_c_d_id, h_c_id, sum(h_amount) as paid from history group by h_c_w_id, h_c_d_id, h_c_id) as h
  on h_c_w_id = c_w_id and h_c_d_id = c_d_id and h_c_id = c_id
where c_balance <> coalesce(delivered, 0) - coalesce(paid, 0);
-- 12
select count(*) from customer
left join (
  select o_w_id, o_d_id, o_c_id, sum(ol_amount) as delivered
  from orders join order_line on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id
  where ol_delivery_d is not null group by o_w_id, o_d_id, o_c_id) as d
  on o_w_id = c_w_id and o_d_id = c_d_id and o_c_id = c_id
where c_balance + c_ytd_payment <> coalesce(delivered, 0);
