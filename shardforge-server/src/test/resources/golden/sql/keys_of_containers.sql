# Arrays and documents as keys: their order, what is found, and what is there twice.

create table arrays (id int, a int[] primary key, t text[], n numeric[])
---
ok 0

insert into arrays
  select i, array[i % 7, i % 3, i], array['k' || i % 5, case when i % 4 > 0 then 'v' end], array[i / 4.0, null]
  from generate_series(1, 60) i
---
ok 60

insert into arrays values
  (101, '{}', '{}', '{}'),
  (102, '{1}', '{NULL}', '{NaN}'),
  (103, '{NULL}', '{"",NULL}', '{-Infinity}'),
  (104, '{{1,2},{3,4}}', '{{a,b},{c,d}}', '{1.5}'),
  (105, '{1,2,3,4}', '{a,b,c,d}', '{1.5}'),
  (106, '[0:3]={1,2,3,4}', '[2:5]={a,b,c,d}', null),
  (107, '{-1,-2147483648}', '{aa}', '{-0.5}'),
  (108, '{2147483647}', null, '{1e20}')
---
ok 8

select id, a from arrays where a < '{1,0}' order by a
---
id | a
101 | {}
107 | {-1,-2147483648}
21 | {0,0,21}
42 | {0,0,42}
7 | {0,1,7}
28 | {0,1,28}
49 | {0,1,49}
14 | {0,2,14}
35 | {0,2,35}
56 | {0,2,56}
102 | {1}

select id from arrays where a >= '{6,2}' order by a desc limit 8
---
id
103
108
41
20

select id from arrays where a = '[0:3]={1,2,3,4}'
---
id
106

select id from arrays where a in ('{1,2,3,4}', '{{1,2},{3,4}}', '{}') order by id
---
id
101
104
105

insert into arrays values (1, '{1,1,1}')
---
ERROR 23505: duplicate key value violates unique constraint "arrays_pkey"
detail Key (a)=({1,1,1}) already exists.

insert into arrays values (1, '{{1,2},{3,4}}')
---
ERROR 23505: duplicate key value violates unique constraint "arrays_pkey"
detail Key (a)=({{1,2},{3,4}}) already exists.

insert into arrays values (1, '[0:3]={1,2,3,4}') on conflict (a) do update set id = 1106 returning id, a
---
id | a
1106 | [0:3]={1,2,3,4}

update arrays set a = '{1}' where id = 105
---
ERROR 23505: duplicate key value violates unique constraint "arrays_pkey"
detail Key (a)=({1}) already exists.

create index arrays_t on arrays (t desc nulls last, id)
---
ok 0

create unique index arrays_n on arrays (n)
---
ERROR 23505: could not create unique index "arrays_n"
detail Key (n)=({1.5}) is duplicated.

select id, t from arrays where id > 100 order by t desc nulls last, id
---
id | t
102 | {NULL}
107 | {aa}
104 | {{a,b},{c,d}}
1106 | [2:5]={a,b,c,d}
105 | {a,b,c,d}
103 | {"",NULL}
101 | {}
108 | NULL

select id, t from arrays where t > '{k4,u}' order by t, id
---
id | t
9 | {k4,v}
14 | {k4,v}
19 | {k4,v}
29 | {k4,v}
34 | {k4,v}
39 | {k4,v}
49 | {k4,v}
54 | {k4,v}
59 | {k4,v}
4 | {k4,NULL}
24 | {k4,NULL}
44 | {k4,NULL}
102 | {NULL}

select count(*) from arrays where t = '{k1,v}'
---
count
9

create unique index on arrays (t)
---
ERROR 23505: could not create unique index "arrays_t_idx"
detail Key (t)=({k2,v}) is duplicated.

insert into arrays values (1, '{7}', null, '{1.5}')
---
ok 1

insert into arrays values (1, '{7}', null, null) returning n
---
ERROR 23505: duplicate key value violates unique constraint "arrays_pkey"
detail Key (a)=({7}) already exists.

alter table arrays add unique nulls not distinct (n)
---
ERROR 23505: could not create unique index "arrays_n_key"
detail Key (n)=({1.5}) is duplicated.

delete from arrays where id = 1
---
ok 2

alter table arrays alter a type bigint[]
---
ok 0

select id, a from arrays where a > '{6,1}' order by a
---
id | a
13 | {6,1,13}
34 | {6,1,34}
55 | {6,1,55}
20 | {6,2,20}
41 | {6,2,41}
108 | {2147483647}
103 | {NULL}

drop table arrays
---
ok 0

create table documents (id int, d jsonb primary key, e jsonb)
---
ok 0

insert into documents
  select i, v::jsonb, jsonb_build_object('k', i % 3, 'v', v::jsonb)
  from unnest(array['null', '""', '"a"', '"ab"', '"b"', '-1.5', '0', '1', '1e3', 'false', 'true',
    '[]', '[null]', '[1]', '["a"]', '[[]]', '[{}]', '[1,2]', '[1,[2]]', '{}', '{"a":1}', '{"a":2}',
    '{"b":1}', '{"aa":1}', '{"a":[]}', '{"a":{}}', '{"a":null}', '{"b":1,"aa":1}', '{"b":1,"a":2}',
    '{"a":{"b":[1,2,{"c":"Ä"}]}}', '"\u00e4"', '12345678901234567890.5']) with ordinality u(v, i)
---
ok 32

select id, d from documents order by d
---
id | d
12 | []
1 | null
2 | ""
3 | "a"
4 | "ab"
5 | "b"
31 | "ä"
6 | -1.5
7 | 0
8 | 1
9 | 1000
32 | 12345678901234567890.5
10 | false
11 | true
13 | [null]
15 | ["a"]
14 | [1]
16 | [[]]
17 | [{}]
18 | [1, 2]
19 | [1, [2]]
20 | {}
27 | {"a": null}
21 | {"a": 1}
22 | {"a": 2}
25 | {"a": []}
26 | {"a": {}}
30 | {"a": {"b": [1, 2, {"c": "Ä"}]}}
24 | {"aa": 1}
23 | {"b": 1}
29 | {"a": 2, "b": 1}
28 | {"b": 1, "aa": 1}

select id, d from documents where d >= '[]' and d < '{"a":2}' order by d desc
---
id | d
21 | {"a": 1}
27 | {"a": null}
20 | {}
19 | [1, [2]]
18 | [1, 2]
17 | [{}]
16 | [[]]
14 | [1]
15 | ["a"]
13 | [null]
11 | true
10 | false
32 | 12345678901234567890.5
9 | 1000
8 | 1
7 | 0
6 | -1.5
31 | "ä"
5 | "b"
4 | "ab"
3 | "a"
2 | ""
1 | null
12 | []

select id from documents where d = '1000.0'
---
id
9

insert into documents values (1, '{"a": 1}')
---
ERROR 23505: duplicate key value violates unique constraint "documents_pkey"
detail Key (d)=({"a": 1}) already exists.

insert into documents values (1, '{"a": 1.0}') on conflict (d) do nothing
---
ok 0

insert into documents values (99, '[1.00]') on conflict (d) do update set id = 99 returning id, d
---
id | d
99 | [1]

create index documents_e on documents (e)
---
ok 0

select id from documents where e > '{"k": 1, "v": false}' order by e limit 9
---
id
13
16
19
22
25
28
2
5
8

select count(*) from documents where e <= '{"k": 1, "v": false}'
---
count
15

create unique index documents_v on documents ((e -> 'v'))
---
ok 0

insert into documents values (1, '"new"', '{"v": {"b": 1.0, "aa": 1}}') on conflict do nothing
---
ok 0

alter table documents drop constraint documents_pkey
---
ok 0

select min(id), count(*) from documents where d > 'true'
---
min | count
13 | 18

drop table documents
---
ok 0

create type mood as enum ('sad', 'ok', 'happy')
---
ok 0

create table moods (m mood[] unique, i interval[], u uuid[], j jsonb[] unique, primary key (i, u))
---
ok 0

insert into moods values ('{happy,sad}', '{1 day}', '{00000000-0000-0000-0000-000000000001}', '{"1","{}"}')
---
ok 1

insert into moods values ('{sad}', '{24:00:00}', '{00000000-0000-0000-0000-000000000001}', '{"[]"}') on conflict do nothing
---
ok 0

insert into moods values ('{happy,sad}', '{2 days}', '{}', '{"[]"}')
---
ERROR 23505: duplicate key value violates unique constraint "moods_m_key"
detail Key (m)=({happy,sad}) already exists.

insert into moods values ('{ok,happy}', '{2 days}', '{}', '{"1","{}"}')
---
ERROR 23505: duplicate key value violates unique constraint "moods_j_key"
detail Key (j)=({1,"{}"}) already exists.

insert into moods values ('{ok,happy}', '{2 days}', '{}', '{"[]"}'), ('{sad,NULL}', '{1 mon}', '{}', null)
---
ok 2

select m from moods order by m
---
m
{sad,NULL}
{ok,happy}
{happy,sad}

select m from moods where m > '{ok}' order by m desc
---
m
{happy,sad}
{ok,happy}

drop table moods
---
ok 0

drop type mood
---
ok 0

create table refused (j json primary key)
---
ERROR 42704: data type json has no default operator class for access method "btree"
hint You must specify an operator class for the index or define a default operator class for the data type.

create table paths (p int[] primary key)
---
ok 0

insert into paths values ('{1}'), ('{2}'), ('{{3,4}}')
---
ok 3

create table steps (p int[] references paths on update cascade on delete cascade, n int)
---
ok 0

insert into steps values ('{1}', 1), ('{{3,4}}', 2)
---
ok 2

insert into steps values ('{1}', 3), ('{9}', 4)
---
ERROR 23503: insert or update on table "steps" violates foreign key constraint "steps_p_fkey"
detail Key (p)=({9}) is not present in table "paths".

update paths set p = '{5,null}' where p = '{1}'
---
ok 1

select * from steps order by n
---
p | n
{5,NULL} | 1
{{3,4}} | 2

delete from paths where p = '{{3,4}}'
---
ok 1

select * from steps order by n
---
p | n
{5,NULL} | 1

create table stops (a int, p text[], primary key (a, p))
---
ok 0

insert into stops values (1, '{x}'), (2, '{y}')
---
ok 2

create table rests (a int, p text[], n int primary key, foreign key (a, p) references stops on update set null)
---
ok 0

insert into rests values (1, '{x}', 1), (2, '{y}', 2), (null, '{z}', 3)
---
ok 3

insert into rests values (1, '{y}', 4)
---
ERROR 23503: insert or update on table "rests" violates foreign key constraint "rests_a_p_fkey"
detail Key (a, p)=(1, {y}) is not present in table "stops".

delete from stops where a = 1
---
ERROR 23503: update or delete on table "stops" violates foreign key constraint "rests_a_p_fkey" on table "rests"
detail Key (a, p)=(1, {x}) is still referenced from table "rests".

update stops set a = a + 10
---
ok 2

select * from rests order by n
---
a | p | n
NULL | NULL | 1
NULL | NULL | 2
NULL | {z} | 3

create table turns (p int[] unique deferrable initially deferred)
---
ok 0

begin
---
ok 0

insert into turns values ('{1}'), ('{2}')
---
ok 2

update turns set p = '{2}' where p = '{1}'
---
ok 1

update turns set p = '{3}' where p = '{2}'
---
ok 2

commit
---
ERROR 23505: duplicate key value violates unique constraint "turns_p_key"
detail Key (p)=({3}) already exists.

drop table steps, paths, rests, stops, turns
---
ok 0
