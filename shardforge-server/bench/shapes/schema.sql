-- A million lines of 100,000 orders of 10,000 customers.
drop table if exists line, sale, customer;
create table customer (id int primary key, name text not null, region int not null);
create table sale (id int primary key, customer_id int not null, placed timestamp not null);
create table line (
  sale_id int, number int, item int not null, quantity int not null, price numeric(10, 2) not null, note text not null,
  primary key (sale_id, number));
insert into customer select g, 'customer ' || g, g % 25 from generate_series(1, 10000) g;
insert into sale select g, 1 + (g * 7919::bigint) % 10000, timestamp '2024-01-01' + g * interval '5 minutes' from generate_series(1, 100000) g;
insert into line
  select 1 + g / 10, g % 10, (g * 104729::bigint) % 50000, 1 + g % 7, ((g * 31::bigint) % 100000) / 100.0, 'note of line ' || g
  from generate_series(0, 999999) g;
create index on sale (customer_id);
create index on sale (placed);
create index on line (item);
create index on line (price) include (quantity);
analyze;
