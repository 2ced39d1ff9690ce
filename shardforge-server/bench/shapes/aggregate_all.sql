select count(*), sum(quantity), avg(price), min(price), max(note) from line;
