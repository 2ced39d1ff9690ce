create schema written
---
ok 0

set search_path to written
---
ok 0

create table item (id int primary key default 100, name text not null default 'thing', price int check (price < 1000), twice int generated always as (price * 2) stored, hidden text default 'h')
---
ok 0

create table kind (id int generated always as identity, label text unique)
---
ok 0

create view cheap as select id, name as called, price, price + 1 as more, twice, price as again, tableoid as origin from item where price < 10
---
ok 0

insert into cheap default values
---
ok 1

insert into cheap (id, called, price) values (1, 'pen', 1), (2, 'ink', 2), (3, default, default)
---
ok 3

insert into cheap values (4, 'lamp', 40)
---
ok 1

select * from item order by id
---
id | name | price | twice | hidden
1 | pen | 1 | 2 | h
2 | ink | 2 | 4 | h
3 | thing | NULL | NULL | h
4 | lamp | 40 | 80 | h
100 | thing | NULL | NULL | h

select id, called, price, more, twice, again from cheap order by id
---
id | called | price | more | twice | again
1 | pen | 1 | 2 | 2 | 1
2 | ink | 2 | 3 | 4 | 2

insert into cheap (id, called) select 5, 'five' returning id, called, more, twice
---
id | called | more | twice
5 | five | NULL | NULL

insert into cheap (id, more) values (6, 7)
---
ERROR 0A000: cannot insert into column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

insert into cheap (id, more) values (6, default)
---
ERROR 0A000: cannot insert into column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

insert into cheap (id, origin) values (6, 7)
---
ERROR 0A000: cannot insert into column "origin" of view "cheap"
detail View columns that refer to system columns are not updatable.

insert into cheap (id, price, again) values (6, 7, 8)
---
ERROR 42601: multiple assignments to same column "price"

insert into cheap (id, twice) values (6, 7)
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "twice"
detail Column "twice" is a generated column.

insert into cheap (id, twice, price) values (6, default, 6)
---
ok 1

insert into cheap (id, nothing) values (6, 7)
---
ERROR 42703: column "nothing" of relation "cheap" does not exist
at 24

insert into cheap (id, price) values (6, 'x')
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 42

insert into cheap (id, price) values (6, true)
---
ERROR 42804: column "price" is of type integer but expression is of type boolean
at 42
hint You will need to rewrite or cast the expression.

insert into cheap values (7, 'a', 1, 2)
---
ERROR 0A000: cannot insert into column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

insert into cheap (id, id) values (7, 7)
---
ERROR 42701: column "id" specified more than once
at 24

insert into cheap (called) values (null)
---
ERROR 23502: null value in column "name" of relation "item" violates not-null constraint
detail Failing row contains (100, null, null, null, h).

insert into cheap (id) values (1)
---
ERROR 23505: duplicate key value violates unique constraint "item_pkey"
detail Key (id)=(1) already exists.

insert into cheap (id, price) values (8, 5000)
---
ERROR 23514: new row for relation "item" violates check constraint "item_price_check"
detail Failing row contains (8, thing, 5000, 10000, h).

update cheap set price = price + 8 where called = 'ink' returning id, price, more
---
id | price | more
2 | 10 | 11

update cheap set price = 3 where called = 'ink'
---
ok 0

update cheap set called = called || '!', price = more where id = 1 returning id, called, cheap.id * 2 as double
---
id | called | double
1 | pen! | 2

update cheap set more = 1
---
ERROR 0A000: cannot update column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

update cheap set more = default
---
ERROR 0A000: cannot update column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

update cheap set price = 1, again = 2
---
ERROR 42601: multiple assignments to same column "price"

update cheap set price = 1, price = 2
---
ERROR 42601: multiple assignments to same column "price"

update cheap set twice = 3
---
ERROR 428C9: column "twice" can only be updated to DEFAULT
detail Column "twice" is a generated column.

update cheap c set called = c.called || o.called from cheap o where o.id = 6 and c.id = 1 returning c.called, o.called
---
called | called
pen!thing | thing

update cheap set called = default where id = 6
---
ERROR 23502: null value in column "name" of relation "item" violates not-null constraint
detail Failing row contains (6, null, 6, 12, h).

update cheap set price = default where id = 6 returning id, price
---
id | price
6 | NULL

select id, price from item where id = 6
---
id | price
6 | NULL

update cheap set (called, price) = ('both', 4) where id = 1 returning called, price
---
called | price
both | 4

delete from cheap where called = 'lamp'
---
ok 0

delete from cheap c using item i where i.id = c.id and i.id = 1 returning c.called, i.hidden
---
called | hidden
both | h

delete from cheap where id > 100 and more > 1
---
ok 0

select * from item order by id
---
id | name | price | twice | hidden
2 | ink | 10 | 20 | h
3 | thing | NULL | NULL | h
4 | lamp | 40 | 80 | h
5 | five | NULL | NULL | h
6 | thing | NULL | NULL | h
100 | thing | NULL | NULL | h

truncate item
---
ok 0

insert into cheap (id, called, price) values (1, 'a', 1) on conflict (id) do update set price = excluded.more, called = cheap.called || excluded.called returning id, called, price
---
id | called | price
1 | a | 1

insert into cheap (id, called, price) values (1, 'b', 1) on conflict (id) do update set price = excluded.more, called = cheap.called || excluded.called returning id, called, price
---
id | called | price
1 | ab | 2

insert into cheap as c (id, called, price) values (1, 'c', 1), (2, 'd', 2) on conflict (id) do update set called = excluded.called where c.price > 50 returning id, called
---
id | called
2 | d

insert into cheap (id, called) values (1, 'x') on conflict do nothing
---
ok 0

insert into cheap (id, called) values (1, 'x') on conflict (more) do nothing
---
ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

insert into cheap (id, called) values (1, 'x') on conflict (id) do update set more = 3
---
ERROR 0A000: cannot insert into column "more" of view "cheap"
detail View columns that are not columns of their base relation are not updatable.

insert into cheap (id, called) values (1, 'x') on conflict on constraint item_pkey do nothing
---
ERROR 42704: constraint "item_pkey" for table "cheap" does not exist

insert into cheap (id, called) values (1, 'x') on conflict (nothing) do nothing
---
ERROR 42703: column "nothing" does not exist
at 60

select id, name, price, hidden from item order by id
---
id | name | price | hidden
1 | ab | 2 | h
2 | d | 2 | h

create view kinds as select * from kind
---
ok 0

insert into kinds (label) values ('one'), ('two') returning *
---
id | label
1 | one
2 | two

insert into kinds values (7, 'three')
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "id"
detail Column "id" is an identity column defined as GENERATED ALWAYS.
hint Use OVERRIDING SYSTEM VALUE to override.

insert into kinds overriding system value values (7, 'three') returning id
---
id
7

insert into kinds values (default, 'four') returning id, label
---
id | label
3 | four

update kinds set id = 3
---
ERROR 428C9: column "id" can only be updated to DEFAULT
detail Column "id" is an identity column defined as GENERATED ALWAYS.

select id, (select label from kinds k where k.id = 7) from cheap order by id
---
id | label
1 | three
2 | three

with gone as (delete from kinds where label = 'four' returning id) select * from gone
---
id
3

create view free as select id, called from cheap where id > 0
---
ok 0

create view local_ as select id, called, price from cheap where id > 10 with local check option
---
ok 0

create view cascaded_ as select id, called, price from cheap where id > 10 with cascaded check option
---
ok 0

create view over_local as select id, price from local_ where id < 50
---
ok 0

create view over_cascaded as select id, price from cascaded_ where id < 50 with local check option
---
ok 0

create view over_over as select id, price as p from over_local where price <> 77 with check option
---
ok 0

insert into local_ values (5, 'no', 1)
---
ERROR 44000: new row violates check option for view "local_"
detail Failing row contains (5, no, 1, 2, h).

insert into local_ values (15, 'yes', 100)
---
ok 1

insert into cascaded_ values (5, 'no', 1)
---
ERROR 44000: new row violates check option for view "cascaded_"
detail Failing row contains (5, no, 1, 2, h).

insert into cascaded_ values (16, 'no', 100)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (16, no, 100, 200, h).

insert into cascaded_ values (16, 'null')
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (16, null, null, null, h).

insert into cascaded_ values (17, 'yes', 9) returning *
---
id | called | price
17 | yes | 9

insert into over_local values (5, 1)
---
ERROR 44000: new row violates check option for view "local_"
detail Failing row contains (5, thing, 1, 2, h).

insert into over_local values (60, 1)
---
ok 1

insert into over_cascaded values (61, 1)
---
ERROR 44000: new row violates check option for view "over_cascaded"
detail Failing row contains (61, thing, 1, 2, h).

insert into over_cascaded values (20, 10)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (20, thing, 10, 20, h).

insert into over_cascaded values (20, 5)
---
ok 1

insert into over_over values (62, 1), (21, 1)
---
ERROR 44000: new row violates check option for view "over_local"
detail Failing row contains (62, thing, 1, 2, h).

insert into over_over values (21, 77)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (21, thing, 77, 154, h).

insert into over_over values (21, 1), (23, 100)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (23, thing, 100, 200, h).

insert into over_over values (21, 1), (22, 2)
---
ok 2

update cascaded_ set price = price + 5 returning id, price
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (17, yes, 14, 28, h).

with u as (update cascaded_ set price = price + 1 where id > 20 returning id, price) select * from u order by id
---
id | price
21 | 2
22 | 3
60 | 2

update over_over set id = id - 15 where id = 21
---
ERROR 44000: new row violates check option for view "local_"
detail Failing row contains (6, thing, 2, 4, h).

update over_over set p = 9, id = 30 where id = 21 returning *
---
id | p
30 | 9

insert into cascaded_ values (17, 'again', 5) on conflict (id) do update set price = 50
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (17, yes, 50, 100, h).

insert into cascaded_ values (17, 'again', 5) on conflict (id) do update set price = 7 returning *
---
id | called | price
17 | yes | 7

insert into cascaded_ values (17, 'again', 50) on conflict (id) do nothing
---
ok 0

delete from over_over where p = 9 returning id
---
id
30

insert into free values (70, 'seventy') returning *
---
id | called
70 | seventy

select table_name, check_option, is_updatable, is_insertable_into, is_trigger_updatable from information_schema.views where table_schema = 'written' order by 1
---
table_name | check_option | is_updatable | is_insertable_into | is_trigger_updatable
cascaded_ | CASCADED | YES | YES | NO
cheap | NONE | YES | YES | NO
free | NONE | YES | YES | NO
kinds | NONE | YES | YES | NO
local_ | LOCAL | YES | YES | NO
over_cascaded | LOCAL | YES | YES | NO
over_local | NONE | YES | YES | NO
over_over | CASCADED | YES | YES | NO

create table node (id int primary key, parent int)
---
ok 0

create view rooted as select * from node n where parent is null or exists (select 1 from node p where p.id = n.parent) with check option
---
ok 0

insert into rooted values (1, null)
---
ok 1

insert into rooted values (2, 1), (3, 1)
---
ok 2

insert into rooted values (4, 9)
---
ERROR 44000: new row violates check option for view "rooted"
detail Failing row contains (4, 9).

insert into rooted values (5, 2), (6, 5)
---
ERROR 44000: new row violates check option for view "rooted"
detail Failing row contains (6, 5).

insert into rooted values (5, 2), (6, 2)
---
ok 2

update rooted set parent = 6 where id = 3
---
ok 1

update rooted set id = id + 100, parent = parent + 100 where id > 1
---
ERROR 44000: new row violates check option for view "rooted"
detail Failing row contains (102, 101).

update rooted set parent = 99 where id = 3
---
ERROR 44000: new row violates check option for view "rooted"
detail Failing row contains (3, 99).

update rooted r set parent = o.id from node o where r.id in (5, 6) and o.id < 3
---
ok 2

with d as (delete from rooted r where exists (select 1 from rooted c where c.parent = r.id) returning id) select * from d order by id
---
id
1
6

select id from rooted order by 1
---
id

create view grouped as select parent, count(*) from node group by parent
---
ok 0

create view summed as select count(*) as n from node
---
ok 0

create view windowed as select id, row_number() over () as n from node
---
ok 0

create view listed as select id, generate_series(1, 2) as n from node
---
ok 0

create view inner_agg as select id, (select max(id) from node) as m from node order by m
---
ok 0

create view computed as select id + 1 as next from node
---
ok 0

create view two as select n.id from node n, node m
---
ok 0

create view sub as select * from (select id from node) s
---
ok 0

create view withed as with w as (select id from node) select id from w
---
ok 0

create view unioned as select id from node union all select id from node
---
ok 0

create view having_ as select 1 as one from node having count(*) > 0
---
ok 0

create view over_grouped as select * from grouped
---
ok 0

create view vals as values (1)
---
ok 0

insert into grouped values (1)
---
ERROR 55000: cannot insert into view "grouped"
detail Views containing GROUP BY are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

insert into summed values (1)
---
ERROR 55000: cannot insert into view "summed"
detail Views that return aggregate functions are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

insert into windowed values (1)
---
ERROR 55000: cannot insert into view "windowed"
detail Views that return window functions are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

insert into listed values (1)
---
ERROR 55000: cannot insert into view "listed"
detail Views that return set-returning functions are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

insert into inner_agg (id) values (50)
---
ok 1

insert into computed values (1)
---
ERROR 55000: cannot insert into view "computed"
detail Views that have no updatable columns are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

update computed set next = 1
---
ERROR 55000: cannot update view "computed"
detail Views that have no updatable columns are not automatically updatable.
hint To enable updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule.

delete from computed where next = 51 returning next
---
next
51

insert into two values (1)
---
ERROR 55000: cannot insert into view "two"
detail Views that do not select from a single table or view are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

update sub set id = 3
---
ERROR 55000: cannot update view "sub"
detail Views that do not select from a single table or view are not automatically updatable.
hint To enable updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule.

delete from withed
---
ERROR 55000: cannot delete from view "withed"
detail Views containing WITH are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

delete from unioned
---
ERROR 55000: cannot delete from view "unioned"
detail Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

delete from having_
---
ERROR 55000: cannot delete from view "having_"
detail Views containing HAVING are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

insert into over_grouped values (1)
---
ERROR 55000: cannot insert into view "grouped"
detail Views containing GROUP BY are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

insert into vals values (1)
---
ERROR 55000: cannot insert into view "vals"
detail Views that do not select from a single table or view are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

copy cheap from stdin
---
ERROR 42809: cannot copy to view "cheap"
hint To enable copying to a view, provide an INSTEAD OF INSERT trigger.

copy cheap to stdout
---
ERROR 42809: cannot copy from view "cheap"
hint Try the COPY (SELECT ...) TO variant.

truncate cheap
---
ERROR 42809: "cheap" is not a table

create view bad as select count(*) from node with check option
---
ERROR 0A000: WITH CHECK OPTION is supported only on automatically updatable views
hint Views that return aggregate functions are not automatically updatable.

create view bad as select id + 1 as x from node with local check option
---
ERROR 0A000: WITH CHECK OPTION is supported only on automatically updatable views
hint Views that have no updatable columns are not automatically updatable.

alter view grouped set (check_option = local)
---
ERROR 0A000: WITH CHECK OPTION is supported only on automatically updatable views
hint Views containing GROUP BY are not automatically updatable.

alter view computed set (check_option = cascaded)
---
ERROR 0A000: WITH CHECK OPTION is supported only on automatically updatable views
hint Views that have no updatable columns are not automatically updatable.

alter view cheap set (check_option = all)
---
ERROR 22023: invalid value for enum option "check_option": all
detail Valid values are "local" and "cascaded".

alter view cheap set (check_option)
---
ERROR 22023: invalid value for enum option "check_option": true
detail Valid values are "local" and "cascaded".

alter view cheap set (check_option = cascaded)
---
ok 0

select reloptions from pg_class where relname = 'cheap'
---
reloptions
{check_option=cascaded}

insert into cheap (id, price) values (300, 11)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (300, thing, 11, 22, h).

insert into free values (301, 'no price')
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (301, no price, null, null, h).

alter view cheap set (check_option = local)
---
ok 0

insert into cheap (id, price) values (300, 11)
---
ERROR 44000: new row violates check option for view "cheap"
detail Failing row contains (300, thing, 11, 22, h).

alter view cheap reset (check_option)
---
ok 0

insert into cheap (id, price) values (300, 11)
---
ok 1

select reloptions from pg_class where relname = 'cheap'
---
reloptions
NULL

create or replace view local_ as select id, called, price from cheap where id > 10
---
ok 0

insert into local_ values (5, 'five', 1)
---
ok 1

alter view cheap set (security_barrier)
---
ok 0

select id from cheap where 10 / (price - 11) > -1 order by id
---
id

select id from cheap where 10 / (price - 11) > -100 and id < 3 order by id
---
id
1
2

update cheap set called = 'barred' where 10 / (price - 11) > -100 and id = 1 returning id
---
id
1

select reloptions from pg_class where relname = 'cheap'
---
reloptions
{security_barrier=true}

alter view cheap set (security_barrier = off)
---
ok 0

select table_name, column_name, is_updatable from information_schema.columns where table_name in ('cheap', 'free', 'grouped', 'over_over', 'computed', 'inner_agg', 'over_grouped') order by 1, ordinal_position
---
table_name | column_name | is_updatable
cheap | id | YES
cheap | called | YES
cheap | price | YES
cheap | more | NO
cheap | twice | YES
cheap | again | YES
cheap | origin | NO
computed | next | NO
free | id | YES
free | called | YES
grouped | parent | NO
grouped | count | NO
inner_agg | id | YES
inner_agg | m | NO
over_grouped | parent | NO
over_grouped | count | NO
over_over | id | YES
over_over | p | YES

select table_name, is_insertable_into from information_schema.tables where table_schema = 'written' order by 1
---
table_name | is_insertable_into
cascaded_ | YES
cheap | YES
computed | NO
free | YES
grouped | NO
having_ | NO
inner_agg | YES
item | YES
kind | YES
kinds | YES
listed | NO
local_ | YES
node | YES
over_cascaded | YES
over_grouped | NO
over_local | YES
over_over | YES
rooted | YES
sub | NO
summed | NO
two | NO
unioned | NO
vals | NO
windowed | NO
withed | NO

select table_name, check_option, is_updatable, is_insertable_into, is_trigger_updatable from information_schema.views where table_schema = 'written' order by 1
---
table_name | check_option | is_updatable | is_insertable_into | is_trigger_updatable
cascaded_ | CASCADED | YES | YES | NO
cheap | NONE | YES | YES | NO
computed | NONE | NO | NO | NO
free | NONE | YES | YES | NO
grouped | NONE | NO | NO | NO
having_ | NONE | NO | NO | NO
inner_agg | NONE | YES | YES | NO
kinds | NONE | YES | YES | NO
listed | NONE | NO | NO | NO
local_ | NONE | YES | YES | NO
over_cascaded | LOCAL | YES | YES | NO
over_grouped | NONE | NO | NO | NO
over_local | NONE | YES | YES | NO
over_over | CASCADED | YES | YES | NO
rooted | CASCADED | YES | YES | NO
sub | NONE | NO | NO | NO
summed | NONE | NO | NO | NO
two | NONE | NO | NO | NO
unioned | NONE | NO | NO | NO
vals | NONE | NO | NO | NO
windowed | NONE | NO | NO | NO
withed | NONE | NO | NO | NO

select relname, pg_relation_is_updatable(oid, false) from pg_class where relnamespace = 'written'::regnamespace and relkind in ('v', 'r', 'i', 'S') order by 1
---
relname | pg_relation_is_updatable
cascaded_ | 28
cheap | 28
computed | 16
free | 28
grouped | 0
having_ | 0
inner_agg | 28
item | 28
item_pkey | 0
kind | 28
kind_id_seq | 0
kind_label_key | 0
kinds | 28
listed | 0
local_ | 28
node | 28
node_pkey | 0
over_cascaded | 28
over_grouped | 0
over_local | 28
over_over | 28
rooted | 28
sub | 0
summed | 0
two | 0
unioned | 0
vals | 0
windowed | 0
withed | 0

select pg_column_is_updatable('cheap'::regclass, 1::smallint, false), pg_column_is_updatable('cheap'::regclass, 4::smallint, false), pg_column_is_updatable('cheap'::regclass, 0::smallint, false), pg_column_is_updatable('cheap'::regclass, 99::smallint, true), pg_relation_is_updatable(1, true)
---
pg_column_is_updatable | pg_column_is_updatable | pg_column_is_updatable | pg_column_is_updatable | pg_relation_is_updatable
t | f | f | f | 0

create role writer_role
---
ok 0

create role owner_role
---
ok 0

grant usage on schema written to writer_role, owner_role
---
ok 0

create table secret (id int primary key, word text)
---
ok 0

create view mine as select * from secret where id < 100
---
ok 0

create view asked with (security_invoker) as select * from secret where id < 100
---
ok 0

alter view mine owner to owner_role
---
ok 0

grant insert on mine to writer_role
---
ok 0

set role writer_role
---
ok 0

insert into mine values (1, 'a')
---
ERROR 42501: permission denied for table secret

reset role
---
ok 0

grant insert on secret to owner_role
---
ok 0

set role writer_role
---
ok 0

insert into mine values (1, 'a')
---
ok 1

update mine set word = 'b'
---
ERROR 42501: permission denied for view mine

delete from mine
---
ERROR 42501: permission denied for view mine

select * from mine
---
ERROR 42501: permission denied for view mine

insert into asked values (2, 'b')
---
ERROR 42501: permission denied for view asked

insert into secret values (2, 'b')
---
ERROR 42501: permission denied for table secret

reset role
---
ok 0

grant all on asked to writer_role
---
ok 0

grant select, update, delete on mine to writer_role
---
ok 0

set role writer_role
---
ok 0

insert into asked values (2, 'b')
---
ERROR 42501: permission denied for table secret

update mine set word = 'b'
---
ERROR 42501: permission denied for table secret

reset role
---
ok 0

grant select, update, delete on secret to owner_role
---
ok 0

set role writer_role
---
ok 0

update mine set word = word || 'b' where id = 1 returning *
---
id | word
1 | ab

insert into mine values (1, 'z') on conflict (id) do update set word = excluded.word returning *
---
id | word
1 | z

delete from mine where id = 1 returning *
---
id | word
1 | z

reset role
---
ok 0

grant all on secret to writer_role
---
ok 0

revoke all on secret from owner_role
---
ok 0

set role writer_role
---
ok 0

insert into asked values (2, 'b') returning *
---
id | word
2 | b

update asked set word = 'c' where id = 2 returning *
---
id | word
2 | c

insert into mine values (3, 'a')
---
ERROR 42501: permission denied for table secret

reset role
---
ok 0

drop view asked, mine
---
ok 0

drop table secret
---
ok 0

revoke all on schema written from writer_role, owner_role
---
ok 0

drop role writer_role
---
ok 0

drop role owner_role
---
ok 0

drop view grouped, summed, windowed, listed, two, sub, withed, unioned, having_, vals cascade
---
notice drop cascades to view over_grouped
ok 0

drop view kinds, rooted, inner_agg, computed
---
ok 0

drop view cheap cascade
---
notice drop cascades to 6 other objects
detail drop cascades to view free
drop cascades to view local_
drop cascades to view over_local
drop cascades to view over_over
drop cascades to view cascaded_
drop cascades to view over_cascaded
ok 0

drop table item, kind, node
---
ok 0

drop schema written
---
ok 0
