select x, hashtext(x), hashtextextended(x, 0), hashtextextended(x, 8675309), hashtextextended(x, -7) from (values (''), ('a'), ('job'), ('zwölf'), ('twelve chars'), ('thirteen char'), ('exactly twenty-four char'), ('a longer text that has several parts of twelve')) v(x)
---
x | hashtext | hashtextextended | hashtextextended | hashtextextended
'' | -1477818771 | -6939563903564495251 | -5834878809818669446 | 7897695672827216937
a | 1075015857 | 3591986179850072241 | -3469827248059207740 | -1390133477695463801
job | -168112706 | 2037922322055876030 | 4245805896424802285 | 2370414171011366135
zwölf | 1011419264 | 8782185373654124672 | -7539138175345942398 | 4138364253265279662
twelve chars | 1788333767 | 3775680797941944007 | -2294469021398222240 | -7468682231999489171
thirteen char | 322978584 | 1778844127111168792 | -102932979601129288 | -6169187966166149905
exactly twenty-four char | -299883713 | 311206883222364991 | 808408403329570209 | 885708544907145269
a longer text that has several parts of twelve | -1262546716 | -6844605474969546524 | 7510581710426714924 | 2366269928550942939

select n, hashint8(n), hashint8extended(n, 0), hashint8extended(n, 42) from (values (0::bigint), (1), (-1), (5000000000), (-5000000000), (9223372036854775807), (-9223372036854775808)) v(n)
---
n | hashint8 | hashint8extended | hashint8extended
0 | -272711505 | 4154612158245552303 | -8162688053457160230
1 | -1905060026 | -3670598878359251130 | 2207685931686633351
-1 | 385747274 | -1888257769727981238 | -2218543911767281624
5000000000 | -694934712 | -5263616605311196344 | 6876896016766404142
-5000000000 | 954517114 | 6327884766802921082 | -1096111480996869835
9223372036854775807 | -1524351049 | 1977219185673256887 | 2517197663604715469
-9223372036854775808 | -96758253 | -9109110466470504941 | -4216469540329842178

select hashint4(7) = hashint8(7) and hashint2(7::int2) = hashint4(7) and hashoid(7) = hashint4(7) as alike, hashint4(-7), hashint4extended(-7, 9), hashint2extended(-7::int2, 9), hashoid(4294967295), hashoidextended(4294967295, 3)
---
alike | hashint4 | hashint4extended | hashint2extended | hashoid | hashoidextended
t | -82204417 | 7155720537969257286 | 7155720537969257286 | 385747274 | -8246732482095048772

select hashfloat8(0), hashfloat8('-0'), hashfloat8extended(0, 5), hashfloat8(1.5), hashfloat4(1.5), hashfloat8('nan'), hashfloat4('nan'), hashfloat8('-infinity'), hashfloat8extended(1e300, 77), hashfloat4extended(0.1::float4, 77)
---
hashfloat8 | hashfloat8 | hashfloat8extended | hashfloat8 | hashfloat4 | hashfloat8 | hashfloat4 | hashfloat8 | hashfloat8extended | hashfloat4extended
0 | 0 | 5 | 630860146 | 630860146 | -1275764840 | -1275764840 | -1377680656 | 3392857897335599000 | 8485661950189023167

select x, hash_numeric(x), hash_numeric_extended(x, 0), hash_numeric_extended(x, 11) from (values (0::numeric), (1), (1.0), (-1), (10000), (100000000), (0.5), (0.00001), (123456789.123456789), (1e30), ('nan'), ('infinity')) v(x)
---
x | hash_numeric | hash_numeric_extended | hash_numeric_extended
0 | -1 | -1 | 10
1 | 1324868424 | -7507508252608306360 | -2143542887639231968
1.0 | 1324868424 | -7507508252608306360 | -2143542887639231968
-1 | 1324868424 | -7507508252608306360 | -2143542887639231968
10000 | 1324868425 | -7507508252608306359 | -2143542887639231967
100000000 | 1324868426 | -7507508252608306358 | -2143542887639231966
0.5 | -1968164085 | 3180246706024362763 | 7698476311138888611
0.00001 | 1951971036 | 4472182450358367964 | -5442317501490964830
123456789.123456789 | -1990724393 | -2236985051837893417 | -4710034137290546891
1000000000000000000000000000000 | 1186574836 | 2026427994494054900 | -360485972118928239
NaN | 0 | 0 | 11
Infinity | 0 | 0 | 11

select hashchar('a'), hashchar(''), hashcharextended('z', 4), hashname('pg_class'), hashnameextended('pg_class', 1), hashbpchar('ab'::char(5)), hashbpchar('ab'), hashbpcharextended('ab'::char(5), 6)
---
hashchar | hashchar | hashcharextended | hashname | hashnameextended | hashbpchar | hashbpchar | hashbpcharextended
463612535 | -272711505 | 3001056750743527130 | -267801108 | -3907935840529768531 | 1718550461 | 1718550461 | 3688786081088865711

select uuid_hash('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), uuid_hash_extended('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 2), timestamp_hash('2024-02-29 12:34:56.789'), timestamp_hash('1999-02-28'), timestamp_hash_extended('1999-02-28', 3), time_hash('12:34'), time_hash_extended('12:34', 3)
---
uuid_hash | uuid_hash_extended | timestamp_hash | timestamp_hash | timestamp_hash_extended | time_hash | time_hash_extended
1154666245 | 8544098317360673571 | 671739013 | 562955665 | 7090689652821193288 | -1434046263 | -4209013456480360699

select hashtext(null), hashtextextended('a', null)
---
hashtext | hashtextextended
NULL | NULL

select pg_try_advisory_xact_lock(hashtext('orders')), pg_try_advisory_xact_lock(hashtextextended('orders', 0))
---
pg_try_advisory_xact_lock | pg_try_advisory_xact_lock
t | t
