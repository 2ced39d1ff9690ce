(ns shardforge.jepsen.workload.append
  "Transactions append to lists and read them; Elle looks for cycles."
  (:require [jepsen.tests.cycle.append :as append]
            [shardforge.jepsen.workload.txn :as txn]))

(defn options
  "What Elle takes."
  [opts]
  (assoc (select-keys opts [:key-count :min-txn-length :max-txn-length
                            :max-writes-per-key])
         :consistency-models [(:expected-consistency-model opts)]))

(defn workload
  [opts]
  (-> (append/test (options opts))
      (select-keys [:generator :checker])
      (assoc :client (txn/client "text"))))
