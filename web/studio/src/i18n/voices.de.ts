// German: what voices sound like and what they are, by the English texts of the engine's table.

export const voices: Record<string, string> = {
    "A calm, steady hum that seems to swell inside the head at the beat frequency. It needs headphones, one tone in each ear.":
        "Ein ruhiges, gleichmäßiges Summen, das im Takt der Schwebung mitten im Kopf zu schwellen scheint. Es braucht Kopfhörer, einen Ton für jedes Ohr.",
    "Two sine carriers, one per ear, a beat frequency apart, with vibrato, tremolo, interaural phase and pan.":
        "Zwei Sinusträger, einer je Ohr, im Abstand der Schwebungsfrequenz, mit Vibrato, Tremolo, Phase zwischen den Ohren und Panorama.",
    "Distinct pulses of one tone, the plainest rhythm there is. It works over loudspeakers.":
        "Deutliche Pulse eines Tons, der schlichteste Rhythmus überhaupt. Auch über Lautsprecher.",
    "A carrier switched on and off by trapezoid pulses, with vibrato, tremolo, interaural phase and pan.":
        "Ein Träger, den trapezförmige Pulse ein- und ausschalten, mit Vibrato, Tremolo, Phase zwischen den Ohren und Panorama.",
    "A tone that breathes at a slightly different rate on each side, for a slow wandering between the ears.":
        "Ein Ton, der auf jeder Seite ein wenig anders atmet und so langsam zwischen den Ohren wandert.",
    "Two slightly detuned carriers, one per ear, each amplitude-modulated by its own LFO.":
        "Zwei leicht verstimmte Träger, einer je Ohr, jeder von seinem eigenen LFO in der Amplitude moduliert.",
    "A warm, reedy tone that swells and moves; the shaper adds overtones where it is loud.":
        "Ein warmer, schnarrender Ton, der schwillt und wandert; wo er laut ist, kommen Obertöne hinzu.",
    "A rhythmically swelling carrier through a tanh shaper, amplitude-modulated separately per ear.":
        "Ein rhythmisch schwellender Träger durch eine tanh-Kennlinie, je Ohr getrennt in der Amplitude moduliert.",
    "A buzzing pulse with soft edges, more insistent than a plain isochronic tone.":
        "Ein surrender Puls mit weichen Kanten, eindringlicher als ein schlichter isochroner Ton.",
    "A rhythmically swelling carrier through a tanh shaper, placed with an equal-power pan.":
        "Ein rhythmisch schwellender Träger durch eine tanh-Kennlinie, mit gleicher Leistung im Panorama.",
    "The beat of two tones in the air, strong and smooth. It works over loudspeakers and in mono.":
        "Die Schwebung zweier Töne in der Luft, kräftig und glatt. Auch über Lautsprecher und in Mono.",
    "Two tones a beat apart, mixed into both ears with four gains.":
        "Zwei Töne im Abstand einer Schwebung, mit vier Verstärkungen in beide Ohren gemischt.",
    "A rich, shimmering tone: the level of each ear moves in two rhythms at once.":
        "Ein reicher, schimmernder Ton: der Pegel jedes Ohrs bewegt sich in zwei Rhythmen zugleich.",
    "An amplitude-modulated tone in each ear, with coupling, partials and sidebands.":
        "Ein amplitudenmodulierter Ton in jedem Ohr, mit Kopplung, Teiltönen und Seitenbändern.",
    "A binaural beat that is also pulsed, in each ear at its own rate.":
        "Eine binaurale Schwebung, die auch pulst, in jedem Ohr mit eigener Rate.",
    "A binaural beat whose two carriers are gated by pulses, separately per ear.":
        "Eine binaurale Schwebung, deren beide Träger von Pulsen geschaltet werden, je Ohr getrennt.",
    "Recordings moved to the edge of hearing, around 17.5 kHz. Most adults hear little or nothing of it; keep the level low, because what is not heard can still be loud.":
        "Aufnahmen, an den Rand des Hörens verschoben, um 17,5 kHz. Die meisten Erwachsenen hören davon wenig oder nichts; halte den Pegel niedrig, denn was man nicht hört, kann trotzdem laut sein.",
    "Audio files modulated onto a barely audible carrier.":
        "Audiodateien, die auf einen kaum hörbaren Träger moduliert sind.",
    "Two different pulsations, one in each ear, that drift against each other.":
        "Zwei verschiedene Pulsationen, eine in jedem Ohr, die gegeneinander wandern.",
    "An amplitude-modulated tone in the left ear, a monaural beat in the right.":
        "Ein amplitudenmodulierter Ton im linken Ohr, eine monaurale Schwebung im rechten.",
    "A tone that circles around the head. Use headphones.":
        "Ein Ton, der um den Kopf kreist. Mit Kopfhörern.",
    "A tone that moves around the head, heard through measured ears (KEMAR).":
        "Ein Ton, der sich um den Kopf bewegt, gehört durch gemessene Ohren (KEMAR).",
    "Noise with a whoosh that comes and goes, like wind or surf; a bed to rest on.":
        "Rauschen, das kommt und geht wie Wind oder Brandung; ein Bett zum Ausruhen.",
    "Coloured noise (or a file) through notch filters that sweep up and down, at a peak of 0.95.":
        "Farbiges Rauschen (oder eine Datei) durch Kerbfilter, die auf und ab wandern, mit einer Spitze von 0,95.",
    "The same sweeping noise with its own volume, fades and envelope, for a layer of a session.":
        "Dasselbe wandernde Rauschen mit eigener Lautstärke, Blenden und Hüllkurve, als Schicht einer Sitzung.",
    "Coloured noise (or a file) through sweeping notches, with amplitudes per channel, fades and an envelope.":
        "Farbiges Rauschen (oder eine Datei) durch wandernde Kerben, mit Amplituden je Kanal, Blenden und einer Hüllkurve.",
    "White, pink or brown noise that runs on from step to step; it can swell like waves and swing from side to side.":
        "Weißes, rosa oder braunes Rauschen, das von Abschnitt zu Abschnitt weiterläuft; es kann wie Wellen schwellen und von Seite zu Seite schwingen.",
    "White, pink or brown noise of a stated rms that runs on from step to step; its interaural delay, its level and its balance can swing.":
        "Weißes, rosa oder braunes Rauschen mit festem Effektivwert, das von Abschnitt zu Abschnitt weiterläuft; sein Laufzeitunterschied, sein Pegel und seine Balance können schwingen.",
    "A soft stroke that marks the beginning or the end of a session.":
        "Ein weicher Anschlag, der Anfang oder Ende einer Sitzung anzeigt.",
    "A struck sine in both ears that decays exponentially.":
        "Ein angeschlagener Sinus in beiden Ohren, der exponentiell abklingt.",
    "A binaural beat with more colour: square, triangle or sawtooth carriers, and a level that follows the beat.":
        "Eine binaurale Schwebung mit mehr Farbe: Träger als Rechteck, Dreieck oder Sägezahn, und ein Pegel, der der Schwebung folgt.",
    "Two carriers of a chosen shape, one per ear, a beat frequency apart, with an envelope over each beat.":
        "Zwei Träger von wählbarer Form, einer je Ohr, im Abstand der Schwebungsfrequenz, mit einer Hüllkurve über jeden Schlag.",
    "A tone that sways between left and right without changing its level. Use headphones.":
        "Ein Ton, der zwischen links und rechts pendelt, ohne den Pegel zu ändern. Mit Kopfhörern.",
    "A tone whose interaural phase moves along a path around the head.":
        "Ein Ton, dessen Phase zwischen den Ohren sich auf einer Bahn um den Kopf bewegt.",
    "A monaural beat with a second, slower swell over it. It works over loudspeakers.":
        "Eine monaurale Schwebung mit einem zweiten, langsameren Schwellen darüber. Auch über Lautsprecher.",
    "A monaural beat in both ears with a second amplitude modulation.":
        "Eine monaurale Schwebung in beiden Ohren mit einer zweiten Amplitudenmodulation.",
    "Dry clicks at an exact rate, from a slow pulse to a buzz. Start quietly: their peaks are higher than a meter shows.":
        "Trockene Klicks in genauem Takt, vom langsamen Puls bis zum Surren. Fang leise an: ihre Spitzen sind höher, als eine Anzeige zeigt.",
    "Band-limited clicks at an exact rate, with polarity, interaural time difference and pan.":
        "Bandbegrenzte Klicks in genauem Takt, mit Polarität, Laufzeitunterschied der Ohren und Panorama.",
    "Short sweeps from low to high, like drops; with long chirps, a calm glissando.":
        "Kurze Läufe von tief nach hoch, wie Tropfen; mit langen Läufen ein ruhiges Glissando.",
    "Frequency sweeps at an exact rate: linear, exponential, or compensating the delay of the cochlea.":
        "Frequenzläufe in genauem Takt: linear, exponentiell, oder so, dass sie die Laufzeit der Schnecke ausgleichen.",
};
