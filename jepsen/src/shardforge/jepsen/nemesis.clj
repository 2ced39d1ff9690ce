(ns shardforge.jepsen.nemesis
  "Which faults there are, and when they come."
  (:require [jepsen.nemesis :as n]
            [jepsen.nemesis.combined :as nc]
            [jepsen.random :as rand]
            [shardforge.jepsen.membership :as membership]))

(def faults
  "Faults by their names on the command line. Clocks are changed by settimeofday
  on the hosts: on hosts that share a clock that is no fault of one of them."
  #{:kill :pause :partition :packet :clock :membership})

(def special
  "Names that stand for several faults."
  {:none  []
   :mixed [:kill :pause :partition]
   :all   [:kill :pause :partition :packet :clock :membership]})

(defn possible?
  "Can so many nodes have these faults?"
  [nodes faults]
  (or (not (some #{:membership} faults))
      (membership/possible? nodes)))

(defn one-way
  "One node hears none of the others, or is heard by none of them."
  [nodes]
  (let [victim (rand/nth nodes)
        others (set (remove #{victim} nodes))]
    (if (< (rand/double) 0.5)
      {victim others}
      (zipmap others (repeat #{victim})))))

(def partitions
  "Kinds of partitions by their names on the command line: functions of the
  nodes that give a target for jepsen.nemesis.combined."
  {:one             (constantly :one)
   :majority        (constantly :majority)
   :minority-third  (constantly :minority-third)
   :majorities-ring (constantly :majorities-ring)
   :bridge          (fn [nodes] (n/bridge (rand/shuffle nodes)))
   :one-way         one-way})

(defn targets
  "Targets of partitions for these nodes: those without choice by name, the
  others drawn several times."
  [nodes kinds]
  (vec (for [kind (sort kinds)
             _    (range 6)]
         ((get partitions kind) nodes))))

(defn package
  "A nemesis package for the faults of the options. Packages without a fault
  that was asked for are left out: some install tools on the nodes."
  [{:keys [nodes nemesis nemesis-interval] :as opts} db]
  (let [faults (set nemesis)
        opts   {:db        db
                :faults    faults
                :nodes     nodes
                :interval  nemesis-interval
                :partition {:targets (targets nodes
                                              (or (seq (:partitions opts))
                                                  (keys partitions)))}
                :packet    {:targets   [:one :minority :all]
                            :behaviors [{:delay {:time :100ms, :jitter :50ms}}
                                        {:loss {:percent :20%}}
                                        {:duplicate {}}
                                        {:reorder {}, :delay {}}]}
                :clock     {:targets [:one :minority :majority]}
                :kill      {:targets [:one :minority :majority :all]}
                :pause     {:targets [:one :minority :majority]}}]
    (nc/compose-packages
      (cond-> []
        (some faults [:kill :pause]) (conj (nc/db-package opts))
        (faults :partition)          (conj (nc/partition-package opts))
        (faults :packet)             (conj (nc/packet-package opts))
        (faults :clock)              (conj (nc/clock-package opts))
        ; Comes last: in the end nodes are up again before others join them.
        (faults :membership)         (conj (membership/package opts))))))
