create table ct_n (id numeric primary key, f float8 unique, r real unique)
---
ok 0

insert into ct_n values (1, 1, 1), (2.0, 2, 2), (2.5, 2.5, 2.5), (100000000000, 4, 16777216)
---
ok 4

create table ct_i (i int references ct_n on update cascade on delete cascade, b bigint references ct_n (f), s smallint references ct_n (r), n numeric references ct_n (f))
---
ok 0

insert into ct_i values (1, 1, 1, 1), (2, 2, 2, 2.5), (null, null, null, null)
---
ok 3

insert into ct_i (i) values (3)
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_i_fkey"
detail Key (i)=(3) is not present in table "ct_n".

insert into ct_i (b) values (3)
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_b_fkey"
detail Key (b)=(3) is not present in table "ct_n".

insert into ct_i (s) values (3)
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_s_fkey"
detail Key (s)=(3) is not present in table "ct_n".

insert into ct_i (n) values (2.51)
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_n_fkey"
detail Key (n)=(2.51) is not present in table "ct_n".

delete from ct_n where f = 2.5
---
ERROR 23503: update or delete on table "ct_n" violates foreign key constraint "ct_i_n_fkey" on table "ct_i"
detail Key (f)=(2.5) is still referenced from table "ct_i".

delete from ct_n where id = 2
---
ok 1

update ct_n set id = 7 where id = 1
---
ok 1

select * from ct_i order by 1
---
i | b | s | n
7 | 1 | 1 | 1
NULL | NULL | NULL | NULL

update ct_i set i = 2 where i = 7
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_i_fkey"
detail Key (i)=(2) is not present in table "ct_n".

update ct_i set i = 8 where i = 2
---
ok 0

update ct_n set id = 9.6 where id = 2
---
ok 0

select * from ct_i order by 1, 2
---
i | b | s | n
7 | 1 | 1 | 1
NULL | NULL | NULL | NULL

alter table ct_i drop constraint ct_i_i_fkey
---
ok 0

update ct_i set i = 55 where b = 1
---
ok 1

alter table ct_i add foreign key (i) references ct_n
---
ERROR 23503: insert or update on table "ct_i" violates foreign key constraint "ct_i_i_fkey"
detail Key (i)=(55) is not present in table "ct_n".

update ct_i set i = 7 where b = 1
---
ok 1

alter table ct_i add foreign key (i) references ct_n
---
ok 0

update ct_i set i = null
---
ok 2

alter table ct_i add foreign key (i) references ct_n on delete set null
---
ok 0

update ct_i set i = 7 where b = 1
---
ok 1

alter table ct_i alter column i type text
---
ERROR 42804: foreign key constraint "ct_i_i_fkey" cannot be implemented
detail Key columns "i" and "id" are of incompatible types: text and numeric.

create table ct_bad (n numeric, d double precision, t text, foreign key (n) references ct_k)
---
ERROR 42P01: relation "ct_k" does not exist

create table ct_k (i int primary key)
---
ok 0

create table ct_bad (n numeric references ct_k)
---
ERROR 42804: foreign key constraint "ct_bad_n_fkey" cannot be implemented
detail Key columns "n" and "i" are of incompatible types: numeric and integer.

create table ct_bad (t text references ct_n)
---
ERROR 42804: foreign key constraint "ct_bad_t_fkey" cannot be implemented
detail Key columns "t" and "id" are of incompatible types: text and numeric.

create table ct_bad (d float8 references ct_n)
---
ERROR 42804: foreign key constraint "ct_bad_d_fkey" cannot be implemented
detail Key columns "d" and "id" are of incompatible types: double precision and numeric.

begin
---
ok 0

create table ct_d (i int references ct_n deferrable initially deferred)
---
ok 0

insert into ct_d values (77)
---
ok 1

insert into ct_n values (77.0)
---
ok 1

commit
---
ok 0

begin
---
ok 0

insert into ct_d values (78)
---
ok 1

commit
---
ERROR 23503: insert or update on table "ct_d" violates foreign key constraint "ct_d_i_fkey"
detail Key (i)=(78) is not present in table "ct_n".

drop table ct_d, ct_i, ct_n, ct_k
---
ok 0
