create table ao (i int)
---
ok 0

create view aov as select 1 as one
---
ok 0

drop function if exists ao_f(int, text[]), ao_g
---
notice function ao_f(pg_catalog.int4,text[]) does not exist, skipping
notice function ao_g() does not exist, skipping
ok 0

drop procedure if exists ao_p(int)
---
notice procedure ao_p(pg_catalog.int4) does not exist, skipping
ok 0

drop routine if exists ao_r
---
notice routine ao_r() does not exist, skipping
ok 0

drop aggregate if exists ao_a(int)
---
notice aggregate ao_a(pg_catalog.int4) does not exist, skipping
ok 0

drop trigger if exists ao_t on ao
---
notice trigger "ao_t" for relation "ao" does not exist, skipping
ok 0

drop trigger if exists ao_t on ao_none
---
notice relation "ao_none" does not exist, skipping
ok 0

drop rule if exists ao_r on ao
---
notice rule "ao_r" for relation "ao" does not exist, skipping
ok 0

drop policy if exists ao_p on ao
---
notice policy "ao_p" for relation "ao" does not exist, skipping
ok 0

drop extension if exists ao_e
---
notice extension "ao_e" does not exist, skipping
ok 0

drop materialized view if exists ao_m
---
notice materialized view "ao_m" does not exist, skipping
ok 0

drop materialized view if exists aov
---
ERROR 42809: "aov" is not a materialized view
hint Use DROP VIEW to remove a view.

drop foreign table if exists ao_m
---
notice foreign table "ao_m" does not exist, skipping
ok 0

drop publication if exists ao_p
---
notice publication "ao_p" does not exist, skipping
ok 0

drop event trigger if exists ao_e
---
notice event trigger "ao_e" does not exist, skipping
ok 0

drop server if exists ao_s
---
notice server "ao_s" does not exist, skipping
ok 0

drop language if exists ao_l
---
notice language "ao_l" does not exist, skipping
ok 0

drop view aov
---
ok 0

drop table ao
---
ok 0
