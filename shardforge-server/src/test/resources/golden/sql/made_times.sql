set timezone = 'UTC'
---
ok 0

select make_timestamptz(2024, 5, 6, 7, 8, 9.5, '+3'), make_timestamptz(2024, 5, 6, 7, 8, 9.5, '-03:30'), make_timestamptz(2024, 5, 6, 7, 8, 9.5, 'Europe/Paris')
---
make_timestamptz | make_timestamptz | make_timestamptz
2024-05-06 04:08:09.5+00 | 2024-05-06 10:38:09.5+00 | 2024-05-06 05:08:09.5+00

select make_timestamptz(2024, 5, 6, 7, 8, 0, '+2') = '2024-05-06 07:08+02'::timestamptz
---
?column?
t

select make_timestamptz(2024, 5, 6, 7, 8, 0, '2')
---
ERROR 22023: invalid input syntax for type numeric time zone: "2"
hint Numeric time zones must have "-" or "+" as first character.

select make_timestamptz(2024, 5, 6, 7, 8, 0, 'Nowhere/There')
---
ERROR 22023: time zone "Nowhere/There" not recognized

reset timezone
---
ok 0
