(ns shardforge.jepsen.core
  "Makes a test of what the command line says."
  (:refer-clojure :exclude [test])
  (:require [clojure.string :as str]
            [jepsen [checker :as checker]
                    [generator :as gen]
                    [os :as os]
                    [tests :as tests]]
            [jepsen.os.debian :as debian]
            [shardforge.jepsen [db :as db]
                               [nemesis :as nemesis]]
            [shardforge.jepsen.workload [append :as append]
                                        [bank :as bank]
                                        [ddl :as ddl]
                                        [long-fork :as long-fork]
                                        [monotonic :as monotonic]
                                        [register :as register]
                                        [set :as set]
                                        [wr :as wr]]))

(def workloads
  {:append    append/workload
   :wr        wr/workload
   :bank      bank/workload
   :register  register/workload
   :set       set/workload
   :long-fork long-fork/workload
   :monotonic monotonic/workload
   :ddl       ddl/workload})

(def models
  "What is promised at each isolation level, in Elle's words."
  {:serializable    :strict-serializable
   :repeatable-read :strong-snapshot-isolation
   :read-committed  :read-committed})

(defn name-of
  [opts]
  (str "shardforge " (name (:workload opts))
       " " (name (:isolation opts))
       " " (if (seq (:nemesis opts))
             (str/join "," (sort (map name (:nemesis opts))))
             "none")
       (when (seq (:partitions opts))
         (str " " (str/join "," (sort (map name (:partitions opts))))))))

(defn with-pace
  "Asks for so many operations a second as the options say."
  [opts gen]
  (gen/stagger (/ (:rate opts)) gen))

(defn test
  "A Jepsen test of parsed options."
  [opts]
  (let [opts     (update opts :expected-consistency-model
                         #(or % (get models (:isolation opts))))
        db       (db/db)
        workload ((get workloads (:workload opts)) opts)
        nemesis  (nemesis/package opts db)]
    (merge tests/noop-test
           (dissoc opts :nemesis)
           (dissoc workload :final-generator :generator :checker)
           {:name      (name-of opts)
            :pure-generators true
            :os        (case (:os opts)
                         :debian debian/os
                         :none   os/noop)
            :db        db
            :nemesis   (:nemesis nemesis)
            :plot      {:nemeses (:perf nemesis)}
            :checker   (checker/compose
                         {:perf       (checker/perf)
                          :stats      (checker/stats)
                          :exceptions (checker/unhandled-exceptions)
                          :crash      (checker/log-file-pattern
                                        #"This node stopped|OutOfMemoryError|a thread ended"
                                        "shardforge.log")
                          :workload   (:checker workload)})
            :generator (gen/phases
                         (->> (:generator workload)
                              (with-pace opts)
                              (gen/nemesis (:generator nemesis))
                              (gen/time-limit (:time-limit opts)))
                         (gen/log "Healing")
                         (gen/nemesis (:final-generator nemesis))
                         (gen/log "Waiting for recovery")
                         (gen/sleep (:recovery-time opts))
                         (when-let [final (:final-generator workload)]
                           (gen/time-limit 60 (gen/clients final))))})))
