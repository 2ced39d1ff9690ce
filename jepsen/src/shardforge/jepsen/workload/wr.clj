(ns shardforge.jepsen.workload.wr
  "Transactions write registers, each value once, and read them; Elle looks for
  cycles. That a register's versions follow real time is taken for granted only
  on demand: see docs/jepsen.md."
  (:require [jepsen.tests.cycle.wr :as wr]
            [shardforge.jepsen.workload.append :as append]
            [shardforge.jepsen.workload.txn :as txn]))

(defn workload
  [opts]
  (-> (append/options opts)
      (assoc :wfr-keys?          true
             :sequential-keys?   (= :strict-serializable
                                    (:expected-consistency-model opts))
             :linearizable-keys? (boolean (:linearizable-keys opts)))
      wr/test
      (select-keys [:generator :checker])
      (assoc :client (txn/client "int"))))
