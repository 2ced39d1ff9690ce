(ns shardforge.jepsen.workload.long-fork
  "Single writes, and reads of groups of keys that must not see them in two
  orders."
  (:require [jepsen.tests.long-fork :as long-fork]
            [shardforge.jepsen.workload.txn :as txn]))

(defn workload
  [_]
  (assoc (long-fork/workload 3)
         :client (txn/client "int")))
