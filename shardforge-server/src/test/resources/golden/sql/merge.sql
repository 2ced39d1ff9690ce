create table stock (id int primary key, name text not null default 'thing', qty int default 1 check (qty >= 0), twice int generated always as (qty * 2) stored)
---
ok 0

create table delivery (id int, amount int, name text)
---
ok 0

insert into stock (id, name, qty) values (1, 'pen', 10), (2, 'ink', 20), (3, 'lamp', 0)
---
ok 3

insert into delivery values (1, 5, 'pen'), (2, -20, 'ink'), (4, 7, 'desk'), (5, null, 'chair')
---
ok 4

merge into stock s using delivery d on s.id = d.id when matched and s.qty + d.amount > 0 then update set qty = s.qty + d.amount when matched then delete when not matched and d.amount is not null then insert (id, name, qty) values (d.id, d.name, d.amount) when not matched then insert values (d.id, default, default)
---
ok 4

select * from stock order by id
---
id | name | qty | twice
1 | pen | 15 | 30
3 | lamp | 0 | 0
4 | desk | 7 | 14
5 | thing | 1 | 2

merge into stock using (values (1, 'x'), (9, 'nine')) as v (id, n) on stock.id = v.id when matched then do nothing when not matched then insert (id, name) values (v.id, v.n)
---
ok 1

merge into stock using (values (1, 'x'), (9, 'nine')) as v (id, n) on stock.id = v.id when matched then do nothing
---
ok 0

merge into stock s using delivery d on s.id = d.id and d.amount > 0 when matched then update set (name, qty) = (d.name || '!', d.amount)
---
ok 2

merge into stock s using (select 1 as one) x on s.id = 9 when matched then delete
---
ok 1

merge into stock s using (select 1 as one) x on false when not matched then insert default values
---
ERROR 23502: null value in column "id" of relation "stock" violates not-null constraint
detail Failing row contains (null, thing, 1, 2).

merge into stock s using (select 77 as n) x on false when not matched then insert (id, qty) values (x.n, x.n)
---
ok 1

select * from stock order by id
---
id | name | qty | twice
1 | pen! | 5 | 10
3 | lamp | 0 | 0
4 | desk! | 7 | 14
5 | thing | 1 | 2
77 | thing | 77 | 154

merge into stock s using (values (1), (1)) v (id) on s.id = v.id when matched then update set qty = 3
---
ERROR 21000: MERGE command cannot affect row a second time
hint Ensure that not more than one source row matches any one target row.

merge into stock s using (values (1), (1)) v (id) on s.id = v.id when matched then delete
---
ERROR 21000: MERGE command cannot affect row a second time
hint Ensure that not more than one source row matches any one target row.

merge into stock s using (values (1, 1), (1, 2)) v (id, n) on s.id = v.id when matched and v.n = 1 then update set qty = 3 when matched then do nothing
---
ok 1

merge into stock s using (values (8), (8)) v (id) on s.id = v.id when not matched then insert (id) values (v.id)
---
ERROR 23505: duplicate key value violates unique constraint "stock_pkey"
detail Key (id)=(8) already exists.

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set qty = -1
---
ERROR 23514: new row for relation "stock" violates check constraint "stock_qty_check"
detail Failing row contains (1, pen!, -1, -2).

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set name = null
---
ERROR 23502: null value in column "name" of relation "stock" violates not-null constraint
detail Failing row contains (1, null, 3, 6).

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set twice = 1
---
ERROR 428C9: column "twice" can only be updated to DEFAULT
detail Column "twice" is a generated column.

merge into stock s using (values (11)) v (id) on s.id = v.id when not matched then insert (id, twice) values (v.id, 3)
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "twice"
detail Column "twice" is a generated column.

merge into stock s using (values (11)) v (id) on s.id = v.id when not matched then insert (id, twice) values (v.id, default)
---
ok 1

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set nothing = 1
---
ERROR 42703: column "nothing" of relation "stock" does not exist
at 90

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set qty = 1, qty = 2
---
ERROR 42601: multiple assignments to same column "qty"

merge into stock s using (values (12)) v (id) on s.id = v.id when not matched then insert (id, nothing) values (1, 2)
---
ERROR 42703: column "nothing" of relation "stock" does not exist
at 96

merge into stock s using (values (12)) v (id) on s.id = v.id when not matched then insert (id, id) values (1, 2)
---
ERROR 42701: column "id" specified more than once
at 96

merge into stock s using (values (12)) v (id) on s.id = v.id when not matched then insert (id) values (1, 2)
---
ERROR 42601: INSERT has more expressions than target columns
at 107

merge into stock s using (values (12)) v (id) on s.id = v.id when not matched then insert (id, name) values (1)
---
ERROR 42601: INSERT has more target columns than expressions
at 96

merge into stock s using (values (12)) v (id) on s.id = v.id when not matched then insert (id, name) values (v.id, true)
---
ok 1

merge into stock s using (values (1)) v (id) on s.id = v.id when matched and v.id then delete
---
ERROR 42804: argument of WHEN must be type boolean, not type integer
at 78

merge into stock s using (values (1)) v (id) on s.id = v.id when matched and count(*) > 1 then delete
---
ERROR 42803: aggregate functions are not allowed in MERGE WHEN conditions
at 78

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then update set qty = sum(v.id)
---
ERROR 42803: aggregate functions are not allowed in UPDATE
at 96

merge into stock s using (values (1)) v (id) on s.id = v.id when matched then delete when matched then do nothing
---
ERROR 42601: unreachable WHEN clause specified after unconditional WHEN clause

merge into stock s using (values (1)) v (id) on s.id = v.id when not matched then do nothing when not matched and v.id = 1 then insert default values
---
ERROR 42601: unreachable WHEN clause specified after unconditional WHEN clause

merge into stock using stock on true when matched then delete
---
ERROR 42712: name "stock" specified more than once
detail The name is used both as MERGE target table and data source.

merge into stock s using stock s on true when matched then delete
---
ERROR 42712: name "s" specified more than once
detail The name is used both as MERGE target table and data source.

merge into missing s using stock t on true when matched then delete
---
ERROR 42P01: relation "missing" does not exist
at 12

merge into stock s using missing t on true when matched then delete
---
ERROR 42P01: relation "missing" does not exist
at 26

with recursive r as (select 1 as n) merge into stock s using r on s.id = r.n when matched then delete
---
ERROR 42601: WITH RECURSIVE is not supported for MERGE statement

with twos as (select 2 as n union all select 20) merge into stock s using twos t on s.id = t.n when matched then delete when not matched then insert (id, qty) values (t.n, (select count(*) from stock))
---
ok 2

select * from stock order by id
---
id | name | qty | twice
1 | pen! | 3 | 6
2 | thing | 7 | 14
3 | lamp | 0 | 0
4 | desk! | 7 | 14
5 | thing | 1 | 2
11 | thing | 1 | 2
12 | true | 1 | 2
20 | thing | 7 | 14
77 | thing | 77 | 154

merge into stock s using (select s.id, sum(d.amount) as total from stock s join delivery d using (id) group by s.id) x on x.id = s.id when matched then update set qty = coalesce(x.total, 0), name = (select max(name) from stock)
---
ERROR 23514: new row for relation "stock" violates check constraint "stock_qty_check"
detail Failing row contains (2, true, -20, -40).

select * from stock order by id
---
id | name | qty | twice
1 | pen! | 3 | 6
2 | thing | 7 | 14
3 | lamp | 0 | 0
4 | desk! | 7 | 14
5 | thing | 1 | 2
11 | thing | 1 | 2
12 | true | 1 | 2
20 | thing | 7 | 14
77 | thing | 77 | 154

merge into stock s using stock o on o.id = s.id + 1 when matched then update set name = o.name || s.id when not matched then do nothing
---
ok 5

select * from stock order by id
---
id | name | qty | twice
1 | thing1 | 3 | 6
2 | lamp2 | 7 | 14
3 | desk!3 | 0 | 0
4 | thing4 | 7 | 14
5 | thing | 1 | 2
11 | true11 | 1 | 2
12 | true | 1 | 2
20 | thing | 7 | 14
77 | thing | 77 | 154

merge into stock s using (select id, id + 1 as next from stock) o on o.id = s.id when matched then update set id = 1000 + o.next
---
ok 9

select id, qty from stock order by id
---
id | qty
1002 | 3
1003 | 7
1004 | 0
1005 | 7
1006 | 1
1012 | 1
1013 | 1
1021 | 7
1078 | 77

create table account (id int generated always as identity primary key, owner text unique, sum numeric(6, 2) default 0)
---
ok 0

create table entry (id int primary key, account int references account, note varchar(5))
---
ok 0

merge into account a using (values ('ann', 1), ('bob', 2)) v (owner, sum) on a.owner = v.owner when not matched then insert (owner, sum) values (v.owner, v.sum)
---
ok 2

merge into account a using (values ('cid', 3)) v (owner, sum) on a.owner = v.owner when not matched then insert (id, owner) values (3, v.owner)
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "id"
detail Column "id" is an identity column defined as GENERATED ALWAYS.
hint Use OVERRIDING SYSTEM VALUE to override.

merge into account a using (values ('cid', 3)) v (owner, sum) on a.owner = v.owner when not matched then insert (id, owner) overriding system value values (30, v.owner)
---
ok 1

merge into account a using (values ('dan', 3)) v (owner, sum) on a.owner = v.owner when not matched then insert (id, owner) overriding user value values (40, v.owner)
---
ok 1

merge into account a using (values ('ann', 3)) v (owner, sum) on a.owner = v.owner when matched then update set id = 5
---
ERROR 428C9: column "id" can only be updated to DEFAULT
detail Column "id" is an identity column defined as GENERATED ALWAYS.

merge into account a using (values ('ann', 12345.678)) v (owner, sum) on a.owner = v.owner when matched then update set sum = v.sum
---
ERROR 22003: numeric field overflow
detail A field with precision 6, scale 2 must round to an absolute value less than 10^4.

merge into account a using (values ('ann', 0.678)) v (owner, sum) on a.owner = v.owner when matched then update set sum = default
---
ok 1

merge into account a using (values (1, 'ann'), (2, 'cid')) v (id, owner) on a.id = v.id when matched then update set owner = v.owner
---
ERROR 23505: duplicate key value violates unique constraint "account_owner_key"
detail Key (owner)=(cid) already exists.

select id, owner, sum from account order by id
---
id | owner | sum
1 | ann | 0.00
2 | bob | 2.00
3 | dan | 0.00
30 | cid | 0.00

merge into entry e using (values (1, 1, 'a'), (2, 99, 'b')) v (id, account, note) on e.id = v.id when not matched then insert values (v.id, v.account, v.note)
---
ERROR 23503: insert or update on table "entry" violates foreign key constraint "entry_account_fkey"
detail Key (account)=(99) is not present in table "account".

merge into entry e using (values (1, 1, 'a'), (2, 2, 'b')) v (id, account, note) on e.id = v.id when not matched then insert values (v.id, v.account, v.note)
---
ok 2

merge into entry e using (values (1, 'much too long')) v (id, note) on e.id = v.id when matched then update set note = v.note
---
ERROR 22001: value too long for type character varying(5)

merge into account a using (values (1)) v (id) on a.id = v.id when matched then delete
---
ERROR 23503: update or delete on table "account" violates foreign key constraint "entry_account_fkey" on table "entry"
detail Key (id)=(1) is still referenced from table "entry".

merge into account a using (values (30)) v (id) on a.id = v.id when matched then delete
---
ok 1

prepare m (int, text) as merge into entry e using (select $1 as id, $2 as note) v on e.id = v.id when matched then update set note = v.note when not matched then insert (id, note) values (v.id, v.note)
---
ok 0

execute m (1, 'one')
---
ok 1

execute m (7, 'seven')
---
ok 1

select * from entry order by id
---
id | account | note
1 | 1 | one
2 | 2 | b
7 | NULL | seven

deallocate m
---
ok 0

create table free (a int, b text)
---
ok 0

insert into free values (1, 'x'), (1, 'y'), (2, 'z')
---
ok 3

merge into free f using (values (1, 'w'), (3, 'v')) v (a, b) on f.a = v.a when matched and f.b = 'x' then delete when matched then update set b = f.b || v.b when not matched then insert values (v.a, v.b)
---
ok 3

select * from free order by a, b
---
a | b
1 | yw
2 | z
3 | v

create role merger
---
ok 0

grant select on stock to merger
---
ok 0

grant update on stock to merger
---
ok 0

grant select on delivery to merger
---
ok 0

set role merger
---
ok 0

merge into stock s using delivery d on s.id = d.id when matched then update set qty = 5
---
ok 0

merge into stock s using delivery d on s.id = d.id when matched then delete
---
ERROR 42501: permission denied for table stock

merge into stock s using delivery d on s.id = d.id when not matched then insert default values
---
ERROR 42501: permission denied for table stock

merge into stock s using delivery d on s.id = d.id when matched then do nothing
---
ok 0

reset role
---
ok 0

revoke all on stock, delivery from merger
---
ok 0

drop role merger
---
ok 0

drop table entry, account, free, stock, delivery
---
ok 0
